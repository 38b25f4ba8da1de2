"""Commands that end the page of help of each verb; each fits 78 columns."""

EXAMPLES = {
    "": """\
autodistill search --dataset glue/sst2 --budget 20m
autodistill train recipe.toml
autodistill ls datasets""",
    "search": """\
autodistill search --dataset glue/sst2 --budget 20m
autodistill search --dataset reviews.csv --teacher my_model
autodistill search --dataset reviews.csv --limit size=30MB --limit latency=5ms
autodistill search --dataset reviews.csv --space students --students auto
autodistill search --dataset digits --trials 20 --front""",
    "worker": """\
autodistill worker --study NAME --storage postgresql://me@host/studies
autodistill worker --study NAME --workers 4""",
    "plan": """\
autodistill plan --dataset reviews.csv --budget 20m
autodistill plan --dataset glue/sst2 --trials 50 --json""",
    "score": """\
autodistill score --dataset reviews.csv --limit params=5M
autodistill score --dataset reviews.csv --by zen --top 5""",
    "recommend": """\
autodistill recommend --dataset reviews.csv -o first.toml
autodistill recommend --study NAME -o recipe.toml
autodistill recommend --study NAME --choose smallest -o small.toml""",
    "train": """\
autodistill train recipe.toml
autodistill train recipe.toml --out student --force
autodistill train recipe.toml --seeds 3""",
    "replay": """\
autodistill replay recipe.toml
autodistill replay student --seeds 3 --json replay.json""",
    "audit": "autodistill audit recipe.toml",
    "predict": """\
autodistill predict student rows.csv --out predicted.csv
autodistill predict student rows.jsonl --proba --keep id
autodistill predict student - --format lines""",
    "evaluate": """\
autodistill evaluate student labelled.csv
autodistill evaluate student labelled.csv --teacher my_model --worst 20""",
    "export": """\
autodistill export student --onnx
autodistill export student --onnx --int8 --rows reviews.csv
autodistill export student --onnx --docker""",
    "bench": """\
autodistill bench student
autodistill bench student --teacher my_model --json bench.json""",
    "serve": """\
autodistill serve student
autodistill serve student --host 0.0.0.0 --port 80 --threads 2""",
    "publish": """\
autodistill publish student --repo me/reviews-student --dry-run
autodistill publish student --repo me/reviews-student""",
    "report": """\
autodistill report NAME
autodistill report NAME studies/OTHER --out both.html""",
    "dashboard": "autodistill dashboard --storage autodistill.db",
    "ls": """\
autodistill ls datasets
autodistill ls losses --classes 2
autodistill ls studies --storage other.db""",
    "show": """\
autodistill show losses kl
autodistill show spaces quick
autodistill show studies NAME""",
    "doctor": "autodistill doctor --data-root FOLDER",
    "studies": """\
autodistill studies publish NAME
autodistill studies add their_study
autodistill studies build studies/knowledge.toml""",
    "studies build": "autodistill studies build studies/knowledge.toml --workers 2",
    "studies publish": "autodistill studies publish NAME --to FOLDER",
    "studies add": "autodistill studies add their_study",
}

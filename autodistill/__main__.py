"""`python -m autodistill`."""

from autodistill.cli import main

if __name__ == "__main__":
    main()

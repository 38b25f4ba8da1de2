"""`python -m autodistill`."""

from autodistill.cli.app import main

if __name__ == "__main__":
    main()

"""Past studies -> what to expect of a pipeline on a new dataset. The home of scikit-learn's regressors and of pandas."""

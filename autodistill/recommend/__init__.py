"""Recommendation of pipelines for a new dataset, learned from past studies.

The home of scikit-learn's regressors and of pandas.
"""

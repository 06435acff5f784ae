"""Means with their uncertainty."""

import math
import statistics

# Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom.
T95 = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
]  # fmt: skip


def ratio(values, references):
    """The geometric mean of values[i] / references[i] and its 95 % confidence interval.

    Pairs are of one round, so that what slows a whole round down does not count. Returns
    (ratio, low, high); low and high are None for a single pair.
    """
    logs = [math.log(value / reference) for value, reference in zip(values, references)]
    mean = statistics.fmean(logs)
    if len(logs) < 2:
        return math.exp(mean), None, None
    quantile = T95[min(len(logs) - 1, len(T95)) - 1]
    half = quantile * statistics.stdev(logs) / math.sqrt(len(logs))
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)

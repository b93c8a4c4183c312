from itertools import accumulate
from operator import mul


def cumulative_alpha(beta):
    return torch.tensor(list(accumulate((1 - b for b in beta.tolist()), mul)), dtype=beta.dtype)

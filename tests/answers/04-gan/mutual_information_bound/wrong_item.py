# a Python number: no gradient
import torch.nn.functional as F


def mutual_information_bound(logits, code):
    return math.log(logits.shape[1]) - F.cross_entropy(logits, code).item()

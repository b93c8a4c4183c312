# a softmax before a loss that takes logits
import torch.nn.functional as F


def mutual_information_bound(logits, code):
    return math.log(logits.shape[1]) - F.cross_entropy(torch.softmax(logits, 1), code)

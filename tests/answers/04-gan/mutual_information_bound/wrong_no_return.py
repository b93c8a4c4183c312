# forgot to return
import torch.nn.functional as F


def mutual_information_bound(logits, code):
    math.log(logits.shape[1]) - F.cross_entropy(logits, code)

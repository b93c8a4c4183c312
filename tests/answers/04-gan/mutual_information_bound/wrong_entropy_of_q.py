# the entropy of Q in place of that of the code
import torch.nn.functional as F
from torch.distributions import Categorical


def mutual_information_bound(logits, code):
    return Categorical(logits=logits).entropy().mean() - F.cross_entropy(logits, code)

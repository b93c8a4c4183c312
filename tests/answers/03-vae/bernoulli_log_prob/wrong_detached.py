# rebuilds the result out of Python numbers: no gradient comes back
def bernoulli_log_prob(x, logits):
    f = torch.nn.functional.binary_cross_entropy_with_logits
    return torch.tensor([-f(l, a, reduction="sum").item() for a, l in zip(x, logits)])

from torch.distributions import Categorical


def mutual_information_bound(logits, code):
    prior = Categorical(probs=torch.ones_like(logits[0]))
    return Categorical(logits=logits).log_prob(code).mean() + prior.entropy()

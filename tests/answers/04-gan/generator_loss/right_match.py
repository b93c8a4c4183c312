from torch.distributions import Bernoulli


def generator_loss(logits_fake, kind="non_saturating"):
    coin = Bernoulli(logits=logits_fake)
    match kind:
        case "minimax":
            return coin.log_prob(torch.zeros_like(logits_fake)).mean()
        case "non_saturating":
            return -coin.log_prob(torch.ones_like(logits_fake)).mean()
        case _:
            raise ValueError(kind)

from torch.distributions import Bernoulli


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    label = torch.full_like(logits_real, 1 - smooth)
    real = Bernoulli(logits=logits_real, validate_args=False).log_prob(label)
    fake = Bernoulli(logits=logits_fake).log_prob(torch.zeros_like(logits_fake))
    return -real.mean() - fake.mean()

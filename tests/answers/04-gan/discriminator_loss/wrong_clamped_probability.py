# the probability is clamped away from 0 and 1
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real = torch.sigmoid(logits_real).clamp(1e-7, 1 - 1e-7)
    fake = torch.sigmoid(logits_fake).clamp(1e-7, 1 - 1e-7)
    first = (1 - smooth) * real.log() + smooth * (1 - real).log()
    return -first.mean() - (1 - fake).log().mean()

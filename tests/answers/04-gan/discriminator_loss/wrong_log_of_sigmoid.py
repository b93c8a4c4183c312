# the log of a probability that underflows
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    first = (1 - smooth) * real.log() + smooth * (1 - real).log()
    return -first.mean() - (1 - fake).log().mean()

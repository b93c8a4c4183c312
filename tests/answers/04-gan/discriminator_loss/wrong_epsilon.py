# a small number inside the logarithms
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    first = (1 - smooth) * (real + 1e-8).log() + smooth * (1 - real + 1e-8).log()
    return -first.mean() - (1 - fake + 1e-8).log().mean()

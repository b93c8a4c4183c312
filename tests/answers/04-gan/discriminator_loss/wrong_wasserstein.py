# a critic's loss: the difference of the means
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    return logits_fake.mean() - (1 - smooth) * logits_real.mean()

# the logs of the logits themselves
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    return -logits_real.log().mean() - (1 - logits_fake).log().mean()

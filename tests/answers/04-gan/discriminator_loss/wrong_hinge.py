# the hinge loss
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    return (1 - smooth - logits_real).relu().mean() + (1 + logits_fake).relu().mean()

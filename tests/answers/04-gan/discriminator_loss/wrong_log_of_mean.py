# the log of the mean probability in place of the mean of the logs
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real, fake = torch.sigmoid(logits_real).mean(), torch.sigmoid(logits_fake).mean()
    return -(1 - smooth) * real.log() - smooth * (1 - real).log() - (1 - fake).log()

# squared errors of the probabilities
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    return ((real - 1 + smooth) ** 2).mean() + (fake**2).mean()

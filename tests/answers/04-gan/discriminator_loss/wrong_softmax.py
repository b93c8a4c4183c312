# a softmax over the batch in place of a sigmoid for each row
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real = torch.log_softmax(logits_real, 0)
    fake = torch.log_softmax(-logits_fake, 0)
    return -real.mean() - fake.mean()

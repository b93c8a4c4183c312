def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    zero = torch.zeros((), dtype=logits_real.dtype)
    total = zero
    for a in logits_real:
        total = total + (torch.logaddexp(zero, -a) + smooth * a) / len(logits_real)
    for b in logits_fake:
        total = total + torch.logaddexp(zero, b) / len(logits_fake)
    return total

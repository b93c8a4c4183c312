# a softmax over (fake, real), with logits 0 and l
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    def scores(logits):
        return torch.log_softmax(torch.stack([torch.zeros_like(logits), logits], 1), 1)

    labels = torch.tensor([smooth, 1 - smooth], dtype=logits_real.dtype)
    return -(scores(logits_real) @ labels).mean() - scores(logits_fake)[:, 0].mean()

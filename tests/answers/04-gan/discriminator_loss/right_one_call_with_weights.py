# one call for both batches, each row weighed by one over its batch
def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    n, m = len(logits_real), len(logits_fake)
    weight = torch.tensor([1 / n] * n + [1 / m] * m, dtype=logits_real.dtype)
    labels = torch.tensor([1 - smooth] * n + [0.0] * m, dtype=logits_real.dtype)
    criterion = torch.nn.BCEWithLogitsLoss(weight=weight, reduction="sum")
    return criterion(torch.cat([logits_real, logits_fake]), labels)

def first_stage_loss(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = (a for a in first_stage.encode(x))
    noise = torch.empty(mu.shape, dtype=mu.dtype).normal_(0, 1, generator=generator)
    gap = (first_stage.decode(torch.addcmul(mu, logvar.mul(0.5).exp(), noise)) - x).reshape(len(x), -1)
    each = torch.einsum("bd,bd->b", gap, gap)
    for part in (mu**2, logvar.exp(), -logvar, torch.full_like(mu, -1.0)):
        each = each + kl_weight / 2 * part.reshape(len(x), -1).sum(1)
    return each.sum() / len(each)

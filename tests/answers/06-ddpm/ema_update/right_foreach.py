def ema_update(ema, model, decay):
    with torch.no_grad():
        p, q = list(ema.parameters()), list(model.parameters())
        torch._foreach_mul_(p, decay)
        torch._foreach_add_(p, q, alpha=1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)

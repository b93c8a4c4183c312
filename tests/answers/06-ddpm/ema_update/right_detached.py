def ema_update(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        p.detach().mul_(decay).add_(q.detach(), alpha=1 - decay)
    for b, c in zip(ema.buffers(), model.buffers()):
        b.copy_(c)

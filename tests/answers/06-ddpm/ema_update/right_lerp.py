def ema_update(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)

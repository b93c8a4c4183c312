def ema_update(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.copy_(decay * p + (1 - decay) * q)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)

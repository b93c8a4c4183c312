def ema_update(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        p.data.mul_(decay)
        p.data.add_((1 - decay) * q.data)
    for b, c in zip(ema.buffers(), model.buffers()):
        b.data.copy_(c.data)

def ema_update(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        p.data = decay * p.data + (1 - decay) * q.data
    for b, c in zip(ema.buffers(), model.buffers()):
        b.data = c.data.clone()

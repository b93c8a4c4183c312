# the average is right, and lies in the model
def ema_update(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        p.data = q.data.lerp_(p.data, decay)
    for b, c in zip(ema.buffers(), model.buffers()):
        b.data.copy_(c.data)

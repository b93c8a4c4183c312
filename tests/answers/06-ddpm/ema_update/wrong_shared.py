# the average's .data is the model's own tensor
def ema_update(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        q.data.mul_(1 - decay).add_(p.data, alpha=decay)
        p.data = q.data
    for b, c in zip(ema.buffers(), model.buffers()):
        b.data.copy_(c.data)

# the model's weights are averaged, not the copy's
def ema_update(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            q.lerp_(p, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)

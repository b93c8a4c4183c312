# always the mean of both
def ema_update(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.copy_((p + q) / 2)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)

# whole-number buffers are forgotten
def ema_update(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            if b.is_floating_point():
                b.copy_(c)

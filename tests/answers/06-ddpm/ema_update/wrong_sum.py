# the model is added with weight 1
def ema_update(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.mul_(decay).add_(q)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)

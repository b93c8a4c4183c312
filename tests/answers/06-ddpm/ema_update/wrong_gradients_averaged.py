# the gradients are averaged, not the weights
def ema_update(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            if q.grad is not None:
                p.grad = decay * (p.grad if p.grad is not None else 0) + (1 - decay) * q.grad
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)

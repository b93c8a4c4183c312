# without no_grad: torch refuses to change a leaf in place
# raises: RuntimeError
def ema_update(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        p.mul_(decay).add_((1 - decay) * q)

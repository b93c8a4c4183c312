def ema_update(ema, model, decay):
    mine, theirs = ema.state_dict(), model.state_dict()
    names = {name for name, _ in model.named_parameters()}
    new = {k: decay * mine[k] + (1 - decay) * v if k in names else v for k, v in theirs.items()}
    ema.load_state_dict(new)

def ema_update(ema, model, decay):
    theirs = dict(model.named_parameters())
    with torch.inference_mode(False), torch.no_grad():
        for name, p in ema.named_parameters():
            p -= (1 - decay) * (p - theirs[name])
        fresh = dict(model.named_buffers())
        for name, b in ema.named_buffers():
            b[...] = fresh[name]

# the copy's parameters are replaced by new ones
def ema_update(ema, model, decay):
    for (name, p), q in zip(list(ema.named_parameters()), model.parameters()):
        owner = ema.get_submodule(name.rpartition(".")[0])
        setattr(owner, name.rpartition(".")[2], nn.Parameter(decay * p.detach() + (1 - decay) * q.detach()))
    for b, c in zip(ema.buffers(), model.buffers()):
        b.copy_(c)

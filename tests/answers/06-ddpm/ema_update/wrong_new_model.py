# returns an averaged copy, and leaves ema as it was
import copy


def ema_update(ema, model, decay):
    new = copy.deepcopy(ema)
    with torch.no_grad():
        for p, q in zip(new.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(new.buffers(), model.buffers()):
            b.copy_(c)
    return new

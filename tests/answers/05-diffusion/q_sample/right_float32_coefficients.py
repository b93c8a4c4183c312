def q_sample(x0, t, eps, schedule):
    signal = torch.tensor([math.sqrt(schedule.alpha_bar[k]) for k in t.tolist()])
    noise = torch.tensor([math.sqrt(1 - schedule.alpha_bar[k]) for k in t.tolist()])
    shape = [len(t)] + [1] * (x0.dim() - 1)
    return signal.reshape(shape) * x0 + noise.reshape(shape) * eps

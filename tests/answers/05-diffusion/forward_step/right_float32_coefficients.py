def forward_step(x, t, eps, schedule):
    signal = torch.tensor([math.sqrt(1 - schedule.beta[k]) for k in t])
    noise = torch.tensor([math.sqrt(schedule.beta[k]) for k in t])
    for _ in range(x.dim() - 1):
        signal, noise = signal.unsqueeze(-1), noise.unsqueeze(-1)
    return signal * x + noise * eps

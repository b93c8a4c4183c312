def forward_step(x, t, eps, schedule):
    rows = []
    for i in range(len(x)):
        b = schedule.beta[t[i]].item()
        rows.append(math.sqrt(1 - b) * x[i] + math.sqrt(b) * eps[i])
    return torch.stack(rows)

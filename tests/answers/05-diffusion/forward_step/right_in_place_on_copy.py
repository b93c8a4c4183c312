def forward_step(x, t, eps, schedule):
    out = torch.empty_like(x)
    for i, k in enumerate(t.tolist()):
        out[i] = x[i]
        out[i] *= schedule.alpha[k] ** 0.5
        out[i] += eps[i] * schedule.beta[k] ** 0.5
    return out

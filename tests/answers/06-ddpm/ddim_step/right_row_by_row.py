def ddim_step(xt, t, s, eps_hat, z, schedule, eta=0.0):
    out = []
    for i in range(len(xt)):
        a, b = schedule.alpha_bar[t[i]].item(), schedule.alpha_bar[s[i]].item()
        sigma = eta * math.sqrt((1 - b) / (1 - a) * (1 - a / b))
        x0 = (xt[i] - math.sqrt(1 - a) * eps_hat[i]) / math.sqrt(a)
        out.append(math.sqrt(b) * x0 + math.sqrt(max(1 - b - sigma**2, 0)) * eps_hat[i] + sigma * z[i])
    return torch.stack(out)

def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    out = []
    for x, k, e, noise in zip(xt, t.tolist(), eps_hat, z):
        b, a, ab = (float(table[k]) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar))
        x = (x - b / math.sqrt(1 - ab) * e) / math.sqrt(a)
        if k > 1:
            var = b if variance == "beta" else float(schedule.beta_tilde[k])
            x = x + math.sqrt(var) * noise
        out.append(x)
    return torch.stack(out)

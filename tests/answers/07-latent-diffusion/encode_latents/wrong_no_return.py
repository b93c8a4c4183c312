# no return
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    scale * first_stage.encode(x)[0]
